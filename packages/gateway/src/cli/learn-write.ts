import { writeFileSync } from 'node:fs'
import { type Access, inFile, Replacing } from './learn-replacing.ts'

/** What a file holds; many lines piece by piece. */
export type Content = string | Uint8Array | Iterable<string>

/** Writes a file whole or not at all (`Replacing`). Error: `file_unusable`. */
export const writeWhole = (file: string, content: Content, access: Access = 'shared'): void =>
  inFile(file, () => put(Replacing.of(file, access), content))

/** Makes a file of a secret, for its owner alone, where there is none; whole or not at all. Errors: of the system, `EEXIST` where there is one. */
export const createSecret = (file: string, content: string): void => put(Replacing.create(file, 'secret'), content)

function put(file: Replacing, content: Content): void {
  try {
    for (const piece of piecesOf(content)) writeFileSync(file.descriptor, piece)
    file.commit()
  } catch (error) {
    file.abort()
    throw error
  }
}

const PIECE = 65_536

/** Lines gathered to pieces that are worth a call. */
export function* piecesOf(content: Content): Generator<string | Uint8Array> {
  if (typeof content === 'string' || content instanceof Uint8Array) return yield content
  let piece = ''
  for (const line of content) {
    piece += line
    if (piece.length < PIECE) continue
    yield piece
    piece = ''
  }
  yield piece
}
