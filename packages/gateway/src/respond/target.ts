import { RingwallError } from '../base/error.ts'
import { DEVICE_ID } from '../config/index.ts'
import { type Network, networkText, parseNetwork } from '../lanes/address-words.ts'

/** Whom a block is about. `name` is how it is told: a network as it is kept, or the device's id. */
export type Target =
  | { readonly kind: 'address'; readonly name: string; readonly network: Network }
  | { readonly kind: 'device'; readonly name: string }

/**
 * Reads an address, a network or a device id; what can be an address is one, unless `asDevice`. An IPv6 address stands for its
 * /64. Errors: `target_invalid`.
 */
export function parseTarget(text: string, asDevice = false): Target {
  const network = asDevice ? undefined : parseNetwork(text)
  if (network !== undefined) return { kind: 'address', name: networkText(network), network }
  if (!asDevice && /^\d+(\.\d+){3}$/.test(text)) {
    const what = `${text} reads like an address, and there is none of this kind`
    throw new RingwallError(
      'target_invalid',
      what,
      'Write its four numbers up to 255, or say --device for a device id.',
    )
  }
  if (DEVICE_ID.test(text)) return { kind: 'device', name: text }
  const hint = 'Write an address (192.0.2.7), a network (192.0.2.0/24) or a device id (pump-1).'
  throw new RingwallError('target_invalid', 'this is neither an address, nor a network, nor a device id', hint)
}
