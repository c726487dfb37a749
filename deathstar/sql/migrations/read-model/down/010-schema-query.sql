drop schema query cascade;
