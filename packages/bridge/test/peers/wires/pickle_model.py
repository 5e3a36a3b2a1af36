"""Pickled arrays behind a length, both ways, many on a connection."""
import pickle
import struct

from ends import connections, detect

for stream in connections():
    while head := stream.read(struct.calcsize('Q')):
        frame = pickle.loads(stream.read(struct.unpack('Q', head)[0]))
        data = pickle.dumps(detect(frame))
        stream.write(struct.pack('Q', len(data)) + data)
        stream.flush()
