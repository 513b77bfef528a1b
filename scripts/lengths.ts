import { readSources } from './sources.ts'

/** No file that people write is longer. */
export const LONGEST = 300

const WRITTEN = /\.(ts|mjs|js|py|css|html)$/

/** The files of the checkout with more lines than a reader should have to hold in mind, with their lengths. */
export function tooLong(root: string): { path: string; lines: number }[] {
  return readSources(root, '', path => WRITTEN.test(path))
    .map(({ path, text }) => ({ path, lines: text.split('\n').length - (text.endsWith('\n') ? 1 : 0) }))
    .filter(({ lines }) => lines > LONGEST)
}
