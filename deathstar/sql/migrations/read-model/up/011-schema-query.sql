create schema query;
