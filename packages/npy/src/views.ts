// @bridge/npy/views: what else there is for plain views. No dependencies, no eval. Beside the core, and not in it, because a
// page that reads and writes files need not carry it.

export { field } from './operations/field.ts';
export { fromNested, type Nested, type NestedArray, toNested } from './operations/nested.ts';
export { type DataOf, ravel } from './operations/ravel.ts';
