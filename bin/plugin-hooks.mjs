let self;

/** Receives the URL of the running copy of this package. */
export async function initialize(data) {
  self = data.self;
}

/** Gives plug-ins the running copy of this package, and takes TypeScript for ES modules wherever it lies. */
export async function resolve(specifier, context, next) {
  const found = await next(specifier === 'xai-gauntlet' ? self : specifier, context);
  return /\.m?ts(\?|$)/.test(found.url) ? { ...found, format: 'module' } : found;
}
