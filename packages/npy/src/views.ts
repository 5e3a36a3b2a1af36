// @bridge/npy/views: functions on the plain views of @bridge/npy/core. This entry has no dependencies and makes no code from strings. The
// functions are not in the core, because a page that only reads and writes files does not need them.

export { field } from './operations/field.ts';
export { fromNested, type Nested, type NestedArray, toNested } from './operations/nested.ts';
export { type DataOf, ravel } from './operations/ravel.ts';
