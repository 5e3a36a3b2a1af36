// Answers a Python program that sends pictures: python3 webcam_stream.py --host 127.0.0.1
import { array, serve } from '@bridge/bridge';

// In place of the address of a service that finds boxes.
const SERVICE = 'data:application/json,[[0,0,640,480,0.5,3]]';

const input = { dtype: 'uint8', shape: [null, null, 3] } as const;
const listener = await serve('tcp://127.0.0.1:6000', { input }, async (frame, { signal }) => {
  const bytes: Uint8Array = frame.data;
  if (bytes.every((byte) => byte === 0)) return array([], { dtype: 'float32' });
  // The request ends as soon as the Python program has gone.
  const found = await fetch(SERVICE, { signal });
  const boxes: number[][] = JSON.parse(await found.text());
  return array(boxes, { dtype: 'float32' });
});
console.log(listener.address); // tcp://127.0.0.1:6000

process.once('SIGTERM', () => void listener.close());
process.once('SIGINT', () => void listener.close());
