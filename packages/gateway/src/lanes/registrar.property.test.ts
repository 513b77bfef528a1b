import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Holder, Registrar, type Takeover } from './registrar.ts'
import { LaneTable } from './table.ts'

const DEVICES = ['a', 'b', 'c', 'd']
const LANES = 3

interface Asker extends Holder {
  readonly device: string
  state: 'waiting' | 'holds' | 'gone'
  answers: number
}

/** Sessions that behave as a worker's do, and everything that must be so after each step. */
class World {
  readonly askers: Asker[] = []
  readonly dead = new Set<number>()
  readonly epochs = new Map<number, number>()
  readonly probed: Asker[] = []
  readonly revoked: Asker[] = []
  readonly registrar = new Registrar(new LaneTable(LANES), {
    probe: holder => this.probed.push(this.#find(holder)),
    revoke: holder => this.revoked.push(this.#find(holder)),
  })

  ask(device: string, worker: number, takeover: Takeover): void {
    const asker: Asker = { worker, session: this.askers.length, device, state: 'waiting', answers: 0 }
    this.askers.push(asker)
    this.registrar.lease(device, asker, takeover, answer => {
      asker.answers++
      expect(asker.state).toBe('waiting')
      asker.state = answer.kind === 'granted' ? 'holds' : 'gone'
      if (answer.kind === 'full') expect(this.#holders().length).toBe(LANES)
      if (answer.kind !== 'granted') return
      expect(answer.epoch).toBe((this.epochs.get(answer.index) ?? 0) + 1)
      this.epochs.set(answer.index, answer.epoch)
    })
  }

  leave(asker: Asker | undefined): void {
    if (asker === undefined || asker.state === 'gone') return
    asker.state = 'gone'
    this.registrar.release(asker.device, asker)
  }

  /** The asked session answers as `Straight.obey` does: alive, or nothing where it is gone. */
  answerProbe(): void {
    const asker = this.probed.shift()
    if (asker?.state === 'holds') this.registrar.alive(asker.device, asker)
  }

  die(worker: number): void {
    for (const asker of this.askers) if (asker.worker === worker) asker.state = 'gone'
    this.registrar.releaseWorker(worker)
  }

  check(): void {
    const holders = this.#holders()
    for (const device of DEVICES) {
      expect(holders.filter(each => each.device === device).length).toBeLessThanOrEqual(1)
      // Whoever waits does so behind a holder: nobody is forgotten, and only one waits.
      const waiting = this.askers.filter(each => each.device === device && each.state === 'waiting')
      expect(waiting.length).toBeLessThanOrEqual(1)
      if (waiting.length > 0) expect(holders.some(each => each.device === device)).toBe(true)
    }
    expect(this.registrar.leased).toBe(holders.length)
    expect(this.askers.every(each => each.answers <= 1)).toBe(true)
  }

  #holders(): Asker[] {
    return this.askers.filter(each => each.state === 'holds')
  }

  #find({ session }: Holder): Asker {
    return this.askers[session]
  }
}

const worker = fc.integer({ min: 0, max: 2 })
const event = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.tuple(
      fc.constant('ask' as const),
      fc.constantFrom(...DEVICES),
      worker,
      fc.constantFrom<Takeover>('keep', 'replace'),
    ),
  },
  { weight: 4, arbitrary: fc.tuple(fc.constant('leave' as const), fc.nat(40)) },
  { weight: 2, arbitrary: fc.tuple(fc.constant('probe' as const)) },
  { weight: 2, arbitrary: fc.tuple(fc.constant('revoke' as const)) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('die' as const), worker) },
)

test('whatever happens, a device has one holder at most, everybody is answered once at most, and epochs only grow', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 80 }), events => {
      const world = new World()
      for (const event of events) {
        if (event[0] === 'ask') world.ask(event[1], event[2], event[3])
        else if (event[0] === 'leave') world.leave(world.askers[event[1]])
        else if (event[0] === 'probe') world.answerProbe()
        else if (event[0] === 'revoke') world.leave(world.revoked.shift())
        else world.die(event[1])
        world.check()
      }
    }),
    { numRuns: 300 },
  )
})

test('once all holders are gone nobody waits any more', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), events => {
      const world = new World()
      for (const event of events) if (event[0] === 'ask') world.ask(event[1], event[2], event[3])
      for (let round = 0; round < events.length; round++)
        for (const asker of world.askers) if (asker.state === 'holds') world.leave(asker)
      expect(world.askers.filter(each => each.state === 'waiting')).toEqual([])
      expect(world.registrar.leased).toBe(0)
    }),
  )
})
