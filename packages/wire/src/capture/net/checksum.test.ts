import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ip, tcp } from '../../../test/capture/frames.ts'
import { addressesOf } from '../../../test/capture/network.ts'
import { packetOf } from '../../../test/capture/script.ts'
import { hex } from '../../../test/frames.ts'
import { LinkType } from '../packet.ts'
import { headerHolds } from './checksum.ts'
import { Decoder } from './decoder.ts'

test('the header of RFC 1071 and of every textbook holds', () => {
  const header = hex('45 00 00 73 00 00 40 00 40 11 b8 61 c0 a8 00 01 c0 a8 00 c7')
  expect(headerHolds(header, 0, 20)).toBe(true)
  header[19] ^= 1
  expect(headerHolds(header, 0, 20)).toBe(false)
})

test('where checksums are verified a packet with any other bit is left out, and it is counted', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), fc.boolean(), fc.nat(), (data, six, place) => {
      const addresses = addressesOf(six)
      const fields = { source: 50_000, destination: 1883, sequence: 1, flags: 'PA', data }
      const packet = ip(addresses, tcp(addresses, fields))
      const decode = (verify: boolean) => {
        const decoder = new Decoder(verify)
        return [decoder.decode(packetOf(packet, 0, LinkType.RAW)), decoder.counts.wrongChecksum]
      }
      expect(decode(true)).toEqual([true, 0])
      // A bit of the data, or of the acknowledgement, that says nothing about how to read the packet.
      const from = (six ? 40 : 20) + (data.length === 0 ? 8 : 20)
      packet[from + (place % (data.length || 4))] ^= 1 << (place % 8)
      expect(decode(true)).toEqual([false, 1])
      expect(decode(false)).toEqual([true, 0])
    }),
    { numRuns: 200 },
  )
})
