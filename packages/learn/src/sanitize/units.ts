/** A value in one unit as it is in another: `value * factor + offset`. */
export interface Conversion {
  readonly name: string
  readonly factor: number
  readonly offset: number
}

/** What units are mistaken for in machines: powers of ten, temperatures, pressures, lengths. */
export const CONVERSIONS: readonly Conversion[] = [
  { name: 'times 1000', factor: 1_000, offset: 0 },
  { name: 'times 100', factor: 100, offset: 0 },
  { name: 'times 10', factor: 10, offset: 0 },
  { name: 'a tenth', factor: 0.1, offset: 0 },
  { name: 'a hundredth', factor: 0.01, offset: 0 },
  { name: 'a thousandth', factor: 0.001, offset: 0 },
  { name: 'Fahrenheit for Celsius', factor: 9 / 5, offset: 32 },
  { name: 'Celsius for Fahrenheit', factor: 5 / 9, offset: -160 / 9 },
  { name: 'Kelvin for Celsius', factor: 1, offset: 273.15 },
  { name: 'Celsius for Kelvin', factor: 1, offset: -273.15 },
  { name: 'psi for bar', factor: 14.5038, offset: 0 },
  { name: 'bar for psi', factor: 1 / 14.5038, offset: 0 },
]

/** A value as it was before a conversion. */
export function convertBack({ factor, offset }: Conversion, value: number): number {
  return (value - offset) / factor
}
