import { deflateRawSync } from 'node:zlib';

/** Bytes, deflated, as base64; the page's `unpack` reads them. */
export const pack = (bytes: Uint8Array): string => deflateRawSync(bytes, { level: 9 }).toString('base64');
