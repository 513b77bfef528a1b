import { serve } from '../base/remote.ts'
import { type Connected, connectDevice, connectParty, devicesOf, type Party } from './device.ts'

/** The calls of the idle clients. */
export type IdleCalls = typeof calls

let connected: Connected[] = []
let lost = 0

/** Devices that connect, and then say nothing. */
const calls = {
  /** Connects all devices of the party and keeps them. */
  async connect(party: Party): Promise<void> {
    devicesOf(party)
    lost = 0
    connected = await connectParty(party, device =>
      connectDevice(party, device, {
        onLost: () => {
          lost++
        },
      }),
    )
  },

  /** How many the server has ended since. */
  lost: () => lost,

  close(): void {
    for (const { tls } of connected) tls.destroy()
    connected = []
  },
}

serve(calls)
