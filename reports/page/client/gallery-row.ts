import type { Prediction } from '../../heatmap-figure.ts';
import type { FigureChunk, FigureChunkEntry, PackedMap } from '../data.ts';
import { h } from './dom.ts';
import { formatShort } from './format.ts';
import { barEnds, paintBar, paintMap, type OpenMap, type View } from './paint.ts';
import { unpack } from './unpack.ts';

const openMap = async ({ packed, ...map }: PackedMap): Promise<OpenMap> => ({
  ...map,
  bytes: new Int8Array(await unpack(packed)),
});

const said = (prediction: Prediction | undefined) =>
  prediction ? `${prediction.label}, ${(100 * prediction.probability).toFixed(1)} %` : '';

function panel(title: string, content: HTMLElement, caption: string | HTMLElement = ''): HTMLElement {
  return h(
    'figure',
    { class: 'panel' },
    h('figcaption', {}, title),
    h('div', { class: 'frame' }, content),
    h('div', { class: 'under' }, caption),
  );
}

const picture = (src: string, alt: string) => h('img', { src, alt, loading: 'lazy', decoding: 'async' });

function scale(map: OpenMap, view: View): HTMLElement {
  const ends = barEnds(map, view).map((v) => h('span', {}, formatShort(v)));
  const note = map.limit === 0 ? map.note : `ends at the ${map.note}; what is beyond is clipped`;
  return h('div', { class: 'scale', title: note }, paintBar(map, view), h('div', { class: 'ends' }, ...ends));
}

/** The map over the grey picture, before on the left of the slider and after on its right. */
function comparison(
  figure: FigureChunk,
  entry: FigureChunkEntry,
  before: OpenMap,
  after: OpenMap | undefined,
  view: View,
) {
  const layer = (name: string, src: string, map: OpenMap) =>
    h(
      'div',
      { class: `layer ${name}` },
      picture(src, ''),
      paintMap(map, view, `${entry.explainer}, map ${name} over the picture`, 'overlay'),
    );
  return h(
    'div',
    { class: 'stack' },
    layer('before', figure.image, before),
    after && layer('after', entry.attackedImage ?? figure.image, after),
    after && h('div', { class: 'edge' }),
  );
}

/** The pictures and maps of one explainer; `attacked` shows what came after the attack too. */
export async function galleryRow(
  figure: FigureChunk,
  entry: FigureChunkEntry,
  view: View,
  attacked: boolean,
): Promise<HTMLElement> {
  const { explainer, attackedImage, attackedPrediction } = entry;
  const before = await openMap(entry.map);
  const after = attacked && entry.mapAfter ? await openMap(entry.mapAfter) : undefined;
  const target = attacked && entry.target ? await openMap(entry.target) : undefined;
  return h(
    'section',
    { class: 'row', 'aria-label': explainer },
    h('h3', {}, explainer),
    h(
      'div',
      { class: 'panels' },
      panel(
        after ? 'map over picture, before | after' : 'map over picture',
        comparison(figure, entry, before, after, view),
      ),
      panel('picture', picture(figure.image, 'the clean picture'), said(figure.prediction)),
      panel('map', paintMap(before, view, `${explainer}, map of the clean picture`), scale(before, view)),
      attacked &&
        attackedImage &&
        panel('attacked picture', picture(attackedImage, 'the attacked picture'), said(attackedPrediction)),
      after &&
        panel(
          'map after, same scale',
          paintMap(after, view, `${explainer}, map of the attacked picture`),
          scale(after, view),
        ),
      target &&
        panel('target of the attack', paintMap(target, view, 'the map the attack steers to'), scale(target, view)),
    ),
  );
}
