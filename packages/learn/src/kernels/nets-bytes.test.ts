import { expect, test } from 'vitest'
import { Arena } from './arena.ts'
import { bindKernel, compileKernel } from './module.ts'
import { KERNEL } from './nets-bytes.ts'
import { KERNEL as FUSED } from './nets-fused-bytes.ts'

const DATA = 11
const HEADER = 8

test.each([
  ['plain', KERNEL],
  ['fused', FUSED],
])(
  'what is kept of the %s kernels is what their source makes',
  async (kind, kept) => {
    const builder = new URL('../../kernel/build-nets.mjs', import.meta.url).pathname
    const { compile } = (await import(builder)) as { compile(kind: string): Promise<Buffer> }
    expect(kept).toBe((await compile(kind)).toString('base64'))
  },
  60_000,
)

test.each([KERNEL, FUSED])('a module writes nothing into the memory where an arena begins: it has no data', kept => {
  const bytes = Buffer.from(kept, 'base64')
  const sections: number[] = []
  for (let at = HEADER; at < bytes.length; ) {
    sections.push(bytes[at++])
    let size = 0
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++]
      size |= (byte & 127) << shift
      if (byte < 128) break
    }
    at += size
  }
  expect(sections).not.toContain(DATA)
})

test('what scores multiplies and adds with two roundings, whatever the processor has', async () => {
  const kernels = bindKernel<{ rounding(x: number): number }>(await compileKernel(KERNEL), new Arena(0).memory)
  expect(kernels.rounding(1 + 2 ** -12)).toBe(0)
})
