import { expect, test } from 'vitest'
import { connect } from './packets.testkit.ts'
import { Bench, refusing, settled } from './way.testkit.ts'

const PASSWORD = 'swordfish-1234'

function kept(bench: Bench): string {
  const [verdict] = bench.way.book.take().verdicts
  return Buffer.from(verdict.bytes).toString('latin1')
}

const withPassword = (clientId: string) =>
  connect({ clientId, username: 'user-name', password: PASSWORD, will: { topic: 'bad', payload: 'w' } })

test.each([
  ['a client id that is not its own', withPassword('pump-2')],
  ['a will that is refused', withPassword('pump-1')],
])('the verdict on a CONNECT with %s keeps the user name and not the password', async (_, bytes) => {
  const bench = new Bench({ plan: [refusing()] })
  bench.device(bytes)
  await settled()
  const text = kept(bench)
  expect(text).toContain('user-name')
  expect(text).not.toContain(PASSWORD)
})

test('of a CONNECT that cannot be read only its beginning is kept', async () => {
  const bench = new Bench()
  const bytes = withPassword('pump-1')
  bytes[9] |= 1
  bench.device(bytes)
  await settled()
  const text = kept(bench)
  expect(text.length).toBeLessThanOrEqual(12)
})
