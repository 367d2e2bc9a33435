export { carryToken, requestDoor, type RequestDoorOptions, type RequestTokenPlace } from './door.js';
export { forgeries, type Forgery, type ForgeryContext } from './forgeries.js';
export { jwt, type JwtOptions } from './jwt.js';
export { createKeeper, type Keeper, type KeeperOptions, type Renewal } from './keeper.js';
export type { IdentityMeans } from './means.js';
export type { Granted } from './mission.js';
export { password, type PasswordOptions } from './password.js';
export * from './port.js';
export { decode, type Decoded } from './token.js';
