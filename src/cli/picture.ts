import { readFile } from 'node:fs/promises';
import { SampleError } from '../data/dataset.ts';
import { geometry, moveImage, type Fit } from '../data/geometry.ts';
import { readImage } from '../data/image.ts';
import { UserError } from '../numeric/errors.ts';
import { readNpy } from '../numeric/npy.ts';
import { tensor, type Tensor } from '../numeric/tensor.ts';

type Size = readonly [height: number, width: number];

/** What a command line says of a picture: one of the three, and how it is brought to the size of the model. */
interface PictureArguments {
  readonly image?: string;
  readonly input?: string;
  readonly scene?: number;
  readonly fit: Fit;
}

/** The picture `[3,H,W]` in [0,1] that a command line names, at the size of the model. Throws `UserError` for one that cannot be read. */
export async function pictureOf({ image, input, scene: number, fit }: PictureArguments, size: Size): Promise<Tensor> {
  if (input !== undefined) return readArray(input, size);
  if (image !== undefined) return readPicture(image, size, fit);
  const { scene } = await import('../data/scenes.ts');
  return moved(scene(0, 'test', number!).image, size, fit);
}

/** Brings a picture to a size as datasets do. */
const moved = (image: Tensor, size: Size, fit: Fit): Tensor =>
  moveImage(image, geometry([image.shape[1], image.shape[2]], size, fit));

async function readPicture(file: string, size: Size, fit: Fit): Promise<Tensor> {
  try {
    return moved(await readImage(file), size, fit);
  } catch (error) {
    if (error instanceof SampleError) throw new UserError(error.message, { cause: error });
    if (error instanceof RangeError) throw new UserError(`${file}: ${error.message}`, { cause: error });
    throw error;
  }
}

/** Reads an array `[3,H,W]` or `[1,3,H,W]` of pixel values in [0,1] and of the model's size. */
async function readArray(file: string, [height, width]: Size): Promise<Tensor> {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new UserError(`${file}: cannot be read (${error.code}); give the path of an .npy file`);
  });
  const { shape, data } = readNpy(bytes, file);
  const expected = `[3,${height},${width}]`;
  const inner = shape.length === 4 && shape[0] === 1 ? shape.slice(1) : shape;
  if (`[${inner.join(',')}]` !== expected)
    throw new UserError(`${file}: has the shape [${shape.join(',')}]; the model wants ${expected}`);
  const values = Float32Array.from(data as ArrayLike<number>, Number);
  if (!values.every((v) => v >= 0 && v <= 1))
    throw new UserError(
      `${file}: holds values outside [0,1], or NaN; give pixel values divided by 255, before any preprocessing`,
    );
  return tensor([3, height, width], values);
}
