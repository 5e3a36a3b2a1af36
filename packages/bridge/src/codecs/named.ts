// The codecs by name, as users write them: codecs.npy, codecs.raw({ … }).
export { npy } from './npy.ts';
export { type PickledOptions, pickled } from './pickled.ts';
export { type RawOptions, raw } from './raw.ts';
