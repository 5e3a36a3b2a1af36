// The codecs by name, as users write them: codecs.npy, codecs.raw({ … }).
export { type CustomOptions, custom } from './custom.ts';
export { headed } from './headed.ts';
export { npy } from './npy.ts';
export { type NpzArrayOptions, npz, npzArray } from './npz.ts';
export { type PickledMessageOptions, pickled } from './pickled.ts';
export { type RawOptions, raw } from './raw.ts';
