import { compileGlobs } from '../config/index.ts'
import { type Network, overlap, parseNetwork } from '../lanes/address-words.ts'
import type { Target } from './target.ts'

/** The machine itself: whoever watches the gateway from beside it must not be shut out. */
const OWN = ['127.0.0.0/8', '::1/128']

/**
 * Who is never blocked: addresses, networks and devices (globs) that the operator names, this machine, and the proxies whose
 * headers are believed, for behind one of these is everybody.
 */
export class ProtectedList {
  readonly #networks: readonly { readonly text: string; readonly network: Network }[]
  readonly #covers: (device: string) => boolean
  readonly #globs: readonly string[]

  /** @param named as in `prevention.protected`: what can be read as an address protects that address and the device of that name */
  constructor(named: readonly string[], proxies: readonly string[] = []) {
    this.#networks = [...OWN, ...proxies, ...named].flatMap(text => {
      const network = parseNetwork(text)
      return network === undefined ? [] : [{ text, network }]
    })
    this.#globs = named.filter(text => !/[/:]/.test(text))
    this.#covers = compileGlobs(this.#globs)
  }

  /** The entry that protects somebody, or nothing. A network is protected where any address in it is. */
  protects(target: Target): string | undefined {
    if (target.kind === 'device') return this.#covers(target.name) ? this.#entryOf(target.name) : undefined
    return this.#networks.find(({ network }) => overlap(network, target.network))?.text
  }

  #entryOf(device: string): string | undefined {
    return this.#globs.find(glob => compileGlobs([glob])(device))
  }
}
