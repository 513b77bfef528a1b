import { expect, test } from 'vitest'
import { ip, link } from '../../../test/capture/frames.ts'
import { addressesOf } from '../../../test/capture/network.ts'
import { hex, join } from '../../../test/frames.ts'
import { LinkType } from '../packet.ts'
import { LINK_UNKNOWN, NOT_IP, networkAt } from './link.ts'

const MAC = '02 00 00 00 00 01 02 00 00 00 00 02 '

for (const [name, linkType, bytes, at] of [
  ['Ethernet', LinkType.ETHERNET, `${MAC}08 00 45`, 14],
  ['Ethernet with a VLAN', LinkType.ETHERNET, `${MAC}81 00 20 07 86 dd 60`, 18],
  ['Ethernet with QinQ', LinkType.ETHERNET, `${MAC}88 a8 00 07 81 00 00 08 08 00 45`, 22],
  ['Ethernet with ARP', LinkType.ETHERNET, `${MAC}08 06 00 01`, NOT_IP],
  ['Ethernet with a length in place of a type', LinkType.ETHERNET, `${MAC}00 26 42 42 03`, NOT_IP],
  ['Ethernet that ends within its tags', LinkType.ETHERNET, `${MAC}81 00 00 07 81 00`, NOT_IP],
  ['Ethernet that ends before its type', LinkType.ETHERNET, '02 00 00', NOT_IP],
  ['Linux cooked', LinkType.LINUX_SLL, '00 00 00 01 00 06 02 00 00 00 00 01 00 00 08 00 45', 16],
  [
    'Linux cooked with a VLAN',
    LinkType.LINUX_SLL,
    '00 00 00 01 00 06 02 00 00 00 00 01 00 00 81 00 00 07 08 00 45',
    20,
  ],
  ['Linux cooked v2', LinkType.LINUX_SLL2, '86 dd 00 00 00 00 00 02 00 01 00 06 02 00 00 00 00 01 00 00 60', 20],
  ['loopback, little end first', LinkType.NULL, '02 00 00 00 45', 4],
  ['loopback, big end first', LinkType.NULL, '00 00 00 1e 60', 4],
  ['loopback of OpenBSD', LinkType.LOOP, '00 00 00 18 60', 4],
  ['loopback with a family that is not known', LinkType.NULL, '07 00 00 00 45', NOT_IP],
  ['raw IP', LinkType.RAW, '45', 0],
  ['raw IP of BSD', LinkType.RAW_BSD, '45', 0],
  ['raw IP of OpenBSD', LinkType.RAW_OPENBSD, '60', 0],
  ['IPv4', LinkType.IPV4, '45', 0],
  ['IPv6', LinkType.IPV6, '60', 0],
  ['nothing at all', LinkType.RAW, '', NOT_IP],
  ['IEEE 802.11', 105, '08 00 45', LINK_UNKNOWN],
] as const) {
  test(`in ${name} the network layer is found`, () => {
    const packet = hex(bytes)
    expect(networkAt(linkType, packet, 0, packet.length)).toBe(at)
    const within = join([new Uint8Array(5), packet, hex('08 00 08 00 08 00')])
    expect(networkAt(linkType, within, 5, 5 + packet.length)).toBe(at < 0 ? at : at + 5)
  })
}

test('what the tests put together is found by what reads it', () => {
  for (const linkType of Object.values(LinkType)) {
    for (const six of [true, false]) {
      const packet = ip(addressesOf(six), new Uint8Array(3))
      const frame = link(linkType, packet)
      expect(networkAt(linkType, frame, 0, frame.length)).toBe(frame.length - packet.length)
    }
  }
})
