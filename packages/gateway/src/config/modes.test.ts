import { expect, test } from 'vitest'
import { parseConfig } from './load.ts'
import { compileModes } from './modes.ts'
import { SAMPLE } from './sample.ts'

test('what is nearest to the device counts', () => {
  const modes = compileModes(
    parseConfig(
      `${SAMPLE}rings: { network: enforce, identity: off }
guards: { rate: observe }
groups:
  - { name: first, devices: pump-1, guards: { rate: enforce } }
  - { name: second, devices: "pump-*", rings: { network: off } }
`,
      '/x',
    ),
  )
  const others = { integrity: 'observe', invariant: 'observe', command: 'observe' }
  expect(modes('valve')).toEqual({
    group: '',
    modes: {
      ...others,
      access: 'off',
      size: 'enforce',
      rate: 'observe',
      schema: 'enforce',
      rhythm: 'enforce',
      signature: 'enforce',
      quarantine: 'enforce',
    },
  })
  expect(modes('pump-1')).toEqual({
    group: 'first',
    modes: {
      ...others,
      access: 'off',
      size: 'enforce',
      rate: 'enforce',
      schema: 'enforce',
      rhythm: 'enforce',
      signature: 'enforce',
      quarantine: 'enforce',
    },
  })
  expect(modes('pump-2')).toEqual({
    group: 'second',
    modes: {
      ...others,
      access: 'off',
      size: 'off',
      rate: 'off',
      schema: 'off',
      rhythm: 'off',
      signature: 'off',
      quarantine: 'off',
    },
  })
  expect(modes('pump-3')).toBe(modes('pump-2'))
})
