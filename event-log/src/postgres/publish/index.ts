export { appendTo, type Append, type Appended } from './append';
export { defaultLimits, GroupCommit, type AppendObserver, type GroupCommitLimits } from './group-commit';
