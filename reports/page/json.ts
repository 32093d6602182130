/** JSON that may stand in a script element: no `<`, so that no text of a user ends it. */
export const inlineJson = (value: unknown): string => JSON.stringify(value).replaceAll('<', '\\u003c');
