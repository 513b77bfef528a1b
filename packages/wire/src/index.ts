export * from './capture/index.ts'
export * from './mqtt/index.ts'
export * from './payload/index.ts'
