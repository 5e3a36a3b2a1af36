// @bridge/npy/views: further operations on plain views. No dependencies, no eval. They are apart from the core, because a page that only
// reads and writes files does not need them.

export { field } from './operations/field.ts';
export { fromNested, type Nested, type NestedArray, toNested } from './operations/nested.ts';
export { type DataOf, ravel } from './operations/ravel.ts';
