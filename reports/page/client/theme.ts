import { seriesStyle } from '../../palette.ts';

/** Colours of the page as it is now: light, dark, or printed. */
export interface Theme {
  readonly ink: string;
  readonly quiet: string;
  readonly grid: string;
  /** Colour, marker and dash of a series; black lines turn white on dark ground. */
  series(i: number): ReturnType<typeof seriesStyle>;
}

const dark = matchMedia('(prefers-color-scheme: dark)');
let printing = false;

/** The colours now. */
export function theme(): Theme {
  const isDark = dark.matches && !printing;
  return {
    ink: isDark ? '#e4e4e2' : '#222222',
    quiet: isDark ? '#a9a9a6' : '#555555',
    grid: isDark ? '#3a3a3a' : '#dddddd',
    series(i) {
      const style = seriesStyle(i);
      if (!isDark) return style;
      const lighter: Record<string, string> = { '#000000': '#ffffff', '#0072b2': '#3d9fe0' };
      return { ...style, colour: lighter[style.colour] ?? style.colour };
    },
  };
}

/** Calls back when the colours change: on the reader's switch to dark, and around printing. */
export function onTheme(draw: () => void): void {
  const print = (now: boolean) => () => {
    printing = now;
    draw();
  };
  dark.addEventListener('change', draw);
  addEventListener('beforeprint', print(true));
  addEventListener('afterprint', print(false));
}
