export { COLUMN_NAMES, SESSION_COLUMNS, SIZE_COLUMNS } from './columns.ts'
export { type SessionRow, SessionWindows, type WindowSize } from './windows.ts'
