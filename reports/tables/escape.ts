const symbols: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '|': '\\textbar{}',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '"': '\\char34{}',
  '`': '\\textasciigrave{}',
  '−': '$-$',
  '–': '\\textendash{}',
  '±': '$\\pm$',
  '×': '$\\times$',
  '∞': '$\\infty$',
  '↑': '$\\uparrow$',
  '↓': '$\\downarrow$',
  '→': '$\\rightarrow$',
  '†': '$^{\\dagger}$',
  '‡': '$^{\\ddagger}$',
};

const greek = 'α β γ δ ε ζ η θ ι κ λ μ ν ξ π ρ σ τ υ φ χ ψ ω Γ Δ Θ Λ Ξ Π Σ Φ Ψ Ω'.split(' ');
const greekNames =
  'alpha beta gamma delta varepsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega'.split(
    ' ',
  );
const letters = new Map(greek.map((letter, i) => [letter, `$\\${greekNames[i]}$`]));

/** One line, whatever the text holds: a line break ends a cell of a Markdown table and a blank line a caption of LaTeX. */
const oneLine = (text: string) => text.replace(/[\s\p{Cc}]+/gu, ' ').trim();

/** Text as LaTeX shows it letter by letter; Greek letters and the signs of these tables become math. */
export const latexText = (text: string): string =>
  oneLine(text)
    .replace(/[^A-Za-z0-9 ]/gu, (c) =>
      '{}$&#_%'.includes(c) ? `\\${c}` : '[]'.includes(c) ? `{${c}}` : (symbols[c] ?? letters.get(c) ?? c),
    )
    .replace(/-(?=-)/g, '-{}');

/** Text as Markdown shows it letter by letter, in a cell of a table or outside. */
export const markdownText = (text: string): string =>
  oneLine(text)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/[\\`*_{}[\]#|~!$]/g, (c) => `\\${c}`);
