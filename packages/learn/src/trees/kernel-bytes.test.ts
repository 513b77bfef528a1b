import { expect, test } from 'vitest'
import { KERNEL } from '../kernels/trees-bytes.ts'
import { treeKernels } from './kernel.ts'
import { bench } from './trees.testkit.ts'

test('what is kept of the kernel is what its source makes', async () => {
  const builder = new URL('../../kernel/build-trees.mjs', import.meta.url).pathname
  const { compile } = (await import(builder)) as { compile(): Promise<Buffer> }
  expect(KERNEL).toBe((await compile()).toString('base64'))
}, 60_000)

test('the kernels keep nothing in the memory that they are bound to', () => {
  const { arena } = bench()
  arena.u8.fill(0xa5)
  treeKernels(arena.memory)
  expect(arena.u8.every(byte => byte === 0xa5)).toBe(true)
})
