import { join } from 'node:path'
import { enroll, FileKeyStore, SealedDevice } from '@ringwall/device'

/** Honest devices that seal what they say, where the lab is given their key stores. */
export const sealedDevices: readonly string[] = ['pressure-1', 'pressure-3', 'temperature-2', 'flow-4']

/** Numbers that they have used in the life before the lab. */
export const USED = 1_000

/** Key stores by device. */
export type KeyStores = Readonly<Record<string, string>>

/**
 * Makes the key stores of the fleet, as if its devices had been in use for long.
 * @param folder where they go, one file each
 * @param secretOf what a device was enrolled with, 32 bytes
 */
export function enrollSealed(folder: string, secretOf: (device: string) => Uint8Array): KeyStores {
  const stores = sealedDevices.map(device => {
    const path = join(folder, `${device}.seal`)
    const store = enroll(path, device, secretOf(device))
    store.save({ ...store.load(), sequence: USED, previous: new Uint8Array(8) })
    return [device, path] as const
  })
  return Object.fromEntries(stores)
}

/** Opens what the devices seal with; those that are not in `stores` do not seal. */
export function openSealed(stores: KeyStores): Map<string, SealedDevice> {
  const opened = Object.entries(stores).map(
    ([device, path]) => [device, new SealedDevice(new FileKeyStore(path))] as const,
  )
  return new Map(opened)
}
