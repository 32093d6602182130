import { createCanvas, PDFDocument, SvgExportFlag, type SKRSContext2D } from '@napi-rs/canvas';
import { pixelRatio } from './canvas-text.ts';
import { tidySvg } from './tidy-svg.ts';
import { writeWhole } from './write.ts';

/** A chart as a size in units and what paints it, so that it can become pixels or strokes. */
export interface Drawing {
  readonly title: string;
  readonly width: number;
  readonly height: number;
  /** Paints in units, on white. */
  readonly paint: (context: SKRSContext2D) => void;
}

// A column of a two-column paper is 252 points wide; 480 units fill it.
const pointsPerUnit = 252 / 480;

function paintOnWhite(context: SKRSContext2D, { width, height, paint }: Drawing, scale: number): void {
  context.lang = 'en';
  context.scale(scale, scale);
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, width, height);
  paint(context);
}

/** Two pixels a unit. */
function png(drawing: Drawing): Buffer {
  const canvas = createCanvas(drawing.width * pixelRatio, drawing.height * pixelRatio);
  paintOnWhite(canvas.getContext('2d'), drawing, pixelRatio);
  return canvas.toBuffer('image/png');
}

/** Letters are outlines, so that it looks the same where the fonts are not installed. */
function svg(drawing: Drawing): string {
  const canvas = createCanvas(drawing.width, drawing.height, SvgExportFlag.ConvertTextToPaths);
  paintOnWhite(canvas.getContext('2d'), drawing, 1);
  return tidySvg(canvas.getContent().toString(), drawing.title);
}

/** One page as large as the drawing, its fonts embedded; text can be found and copied. */
function pdf(drawing: Drawing): Buffer {
  const document = new PDFDocument({ title: drawing.title, creator: 'xai-gauntlet' });
  const { width, height } = drawing;
  const context = document.beginPage(width * pointsPerUnit, Math.ceil(height * pointsPerUnit));
  paintOnWhite(context as SKRSContext2D, drawing, pointsPerUnit);
  document.endPage();
  return document.close();
}

/** The formats that a chart is written in, by the ending of its file; the same drawing gives the same bytes. */
export const drawingFormats = { png, svg, pdf } as const;

/** A drawing in all formats; `path` has no ending. */
export function* drawingFiles(path: string, drawing: Drawing): Generator<{ path: string; content: string | Buffer }> {
  for (const [ending, write] of Object.entries(drawingFormats))
    yield { path: `${path}.${ending}`, content: write(drawing) };
}

/** Writes a drawing in all formats; `path` has no ending. */
export async function writeDrawing(path: string, drawing: Drawing): Promise<void> {
  for (const file of drawingFiles(path, drawing)) await writeWhole(file.path, file.content);
}
