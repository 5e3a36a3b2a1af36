"""Makes pictures of every kind from one photograph, with the pixels and the boxes that Pillow and the model find in them.

    python pictures.py PHOTOGRAPH FOLDER

Beside each FOLDER/NAME lies FOLDER/NAME.rgb: height and width as little-endian uint32, then the pixels.
Prints JSON: the boxes that detect() finds in each, by name.
"""
import json
import os
import sys

import numpy as np
from PIL import Image, ImageFile, ImageOps

import ml_model

ImageFile.MAXBLOCK = 1 << 24
ORIENTATION = 0x0112


def main():
    photograph = Image.open(sys.argv[1]).convert('RGB')
    odd = photograph.resize((333, 211))
    boxes = {}

    def keep(name, picture, **options):
        path = os.path.join(sys.argv[2], name)
        picture.save(path, **options)
        seen = np.asarray(ImageOps.exif_transpose(Image.open(path)).convert('RGB'))
        with open(path + '.rgb', 'wb') as file:
            file.write(np.array(seen.shape[:2], '<u4').tobytes() + seen.tobytes())
        boxes[name] = ml_model.detect(seen, 0.3, 0.4)[0].astype(float).tolist()

    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[ORIENTATION] = orientation
        keep(f'orientation-{orientation}.jpg', odd, exif=exif, quality=90)
    for subsampling in '4:4:4', '4:2:2', '4:2:0', '4:1:1':
        for progressive in False, True:
            name = f'{"progressive" if progressive else "baseline"}-{subsampling.replace(":", "")}.jpg'
            keep(name, odd, quality=85, subsampling=subsampling, progressive=progressive)
    keep('grey.jpg', odd.convert('L'))
    keep('rgb-components.jpg', odd, keep_rgb=True)
    keep('photograph.jpg', photograph, quality=92)
    keep('photograph.png', photograph)
    keep('grey.png', odd.convert('L'))
    keep('palette.png', odd.convert('P'))
    keep('bit.png', odd.convert('1'))
    translucent = odd.convert('RGBA')
    translucent.putalpha(odd.convert('L'))
    keep('alpha.png', translucent)
    keep('one.png', odd.crop((5, 5, 6, 6)))

    odd.convert('CMYK').save(os.path.join(sys.argv[2], 'cmyk.jpeg'))
    print(json.dumps(boxes))


main()
