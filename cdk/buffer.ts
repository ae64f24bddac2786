/** Stands for `node:buffer` in bundles, see `node-function.ts`. */
export { Buffer } from 'node:buffer'
