export * from './mqtt/index.ts'
export * from './payload/index.ts'
