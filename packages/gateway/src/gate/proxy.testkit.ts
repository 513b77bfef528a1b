const SIGNATURE = [0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a]

/** A PROXY version 2 header with its parts as they are given, right or wrong. */
export function proxyHeader(
  command: number,
  family: number,
  body: readonly number[],
  length = body.length,
): Uint8Array {
  return Uint8Array.of(...SIGNATURE, command, family, length >> 8, length & 255, ...body)
}

/** The header of a connection from an IPv4 address and port, to 10.0.0.1:8883. */
export function fromV4(address: string, port: number, tlvs: readonly number[] = []): Uint8Array {
  const body = [...address.split('.').map(Number), 10, 0, 0, 1, port >> 8, port & 255, 8883 >> 8, 8883 & 255]
  return proxyHeader(0x21, 0x11, [...body, ...tlvs])
}
