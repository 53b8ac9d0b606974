/** The version this code speaks. Raised only when an older client could misread a frame. */
export const PROTOCOL_VERSION = 1

/** The oldest client version that the server still serves. */
export const OLDEST_SERVED_VERSION = 1
