/** UTF-16 units of a name in the evidence, live and of a capture alike: of a longer one the first so many stand for all of it. */
const LONGEST = 512

/** A name as the evidence has it. A cut one is a copy: a part of a text would keep the whole of it alive. */
export function shortName(text: string): string {
  if (text.length <= LONGEST) return text
  return Buffer.from(text.slice(0, LONGEST), 'utf16le').toString('utf16le')
}
