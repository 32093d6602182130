import type { Box } from '../dataset.ts';

export interface VocObject {
  readonly name: string;
  /** Half-open, in pixels from 0; the file counts from 1 and includes the last pixel. */
  readonly box: Box;
}

const entities: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

/** Contents of the elements of one name, in order. The format nests no element in one of the same name. */
const elements = (xml: string, name: string): string[] =>
  Array.from(xml.matchAll(new RegExp(`<${name}(?:\\s[^>]*)?>([^]*?)</${name}\\s*>`, 'g')), (match) => match[1]);

const text = (xml: string) => xml.trim().replace(/&(lt|gt|quot|apos|amp);/g, (_, entity: string) => entities[entity]);

/** Reads the objects of a PASCAL VOC annotation. Throws RangeError when an element is missing or no number. */
export function readAnnotation(xml: string): VocObject[] {
  const [annotation] = elements(xml.replace(/<!--[^]*?-->/g, ''), 'annotation');
  if (annotation === undefined) throw new RangeError('no complete <annotation> element');
  return elements(annotation, 'object').map((object) => {
    // Parts (head, hand, foot) carry names and boxes of their own.
    const own = object.replace(/<part>[^]*?<\/part>/g, '');
    const [name] = elements(own, 'name');
    const [bounds] = elements(own, 'bndbox');
    if (name === undefined || bounds === undefined) throw new RangeError('an <object> lacks <name> or <bndbox>');
    const [xmin, ymin, xmax, ymax] = ['xmin', 'ymin', 'xmax', 'ymax'].map((corner) => {
      const [value] = elements(bounds, corner);
      const number = Number(value?.trim() || NaN);
      if (!Number.isFinite(number)) throw new RangeError(`<${corner}> is missing or no number`);
      return number;
    });
    if (xmin > xmax || ymin > ymax) throw new RangeError(`the box of "${text(name)}" is empty`);
    return {
      name: text(name),
      box: { x0: Math.max(0, xmin - 1), y0: Math.max(0, ymin - 1), x1: xmax, y1: ymax },
    };
  });
}
