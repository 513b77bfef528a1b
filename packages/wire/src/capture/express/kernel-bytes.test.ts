import { expect, test } from 'vitest'
import { KERNEL } from './kernel-bytes.ts'

test('what is kept of the kernel is what its source makes', async () => {
  const builder = new URL('../../../kernel/build.mjs', import.meta.url).pathname
  const { compile } = (await import(builder)) as { compile(): Promise<Buffer> }
  expect(KERNEL).toBe((await compile()).toString('base64'))
}, 60_000)
