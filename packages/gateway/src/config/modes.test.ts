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
  expect(modes('valve')).toEqual({ group: '', modes: { access: 'off', size: 'enforce', rate: 'observe' } })
  expect(modes('pump-1')).toEqual({ group: 'first', modes: { access: 'off', size: 'enforce', rate: 'enforce' } })
  expect(modes('pump-2')).toEqual({ group: 'second', modes: { access: 'off', size: 'off', rate: 'off' } })
  expect(modes('pump-3')).toBe(modes('pump-2'))
})
