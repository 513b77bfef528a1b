/** One DER element: tag, length, and the joined contents. */
export function der(tag: number, ...contents: Uint8Array[]): Buffer {
  const body = Buffer.concat(contents)
  if (body.length < 128) return Buffer.concat([Buffer.from([tag, body.length]), body])
  const size =
    body.length < 256 ? Buffer.from([0x81, body.length]) : Buffer.from([0x82, body.length >> 8, body.length & 255])
  if (body.length > 0xffff) throw new RangeError('a DER element of more than 65,535 bytes')
  return Buffer.concat([Buffer.from([tag]), size, body])
}

/** A SEQUENCE. */
export const sequence = (...contents: Uint8Array[]): Buffer => der(0x30, ...contents)

/** A SET. */
export const set = (...contents: Uint8Array[]): Buffer => der(0x31, ...contents)

/** An INTEGER of up to 31 bits, not negative. */
export function integer(value: number): Buffer {
  const bytes = Buffer.alloc(5)
  bytes.writeUInt32BE(value, 1)
  let start = 0
  while (start < 4 && bytes[start] === 0 && bytes[start + 1]! < 128) start++
  return der(0x02, bytes.subarray(start))
}

/** An OBJECT IDENTIFIER from its dotted text. */
export function oid(dotted: string): Buffer {
  const [first, second, ...rest] = dotted.split('.').map(Number)
  const bytes = [first! * 40 + second!]
  for (const arc of rest) {
    const groups = [arc & 127]
    for (let left = arc >>> 7; left > 0; left >>>= 7) groups.unshift((left & 127) | 128)
    bytes.push(...groups)
  }
  return der(0x06, Buffer.from(bytes))
}

/** A UTF8String. */
export const utf8 = (text: string): Buffer => der(0x0c, Buffer.from(text, 'utf8'))

/** A BOOLEAN that is true. */
export const yes = (): Buffer => der(0x01, Buffer.from([255]))

/** An OCTET STRING. */
export const octets = (content: Uint8Array): Buffer => der(0x04, content)

/** A BIT STRING whose last byte has `unused` bits. */
export const bits = (content: Uint8Array, unused = 0): Buffer => der(0x03, Buffer.from([unused]), content)

/** A UTCTime, for years up to 2049. */
export const utcTime = (time: Date): Buffer =>
  der(0x17, Buffer.from(`${time.toISOString().replace(/[-T:]/g, '').slice(2, 14)}Z`))

/** A context-specific tag: constructed around `contents`, or primitive with them as its bytes. */
export function tagged(number: number, constructed: boolean, ...contents: Uint8Array[]): Buffer {
  return der(0x80 | (constructed ? 0x20 : 0) | number, ...contents)
}
