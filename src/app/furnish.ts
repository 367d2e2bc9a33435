import type { ProvisionDescription, TargetConfig, UsersDescription } from '../config/types.js';
import { connectDoor, type Connector } from '../observe/client/index.js';
import { jwt, password, requestDoor, type IdentityMeans, type SignIn } from '../observe/identity/index.js';
import { custom, given, missionProvision, named, type Provision } from '../observe/provision/index.js';
import { getRecord, pages, whoAmI } from '../observe/records/index.js';
import type { Furniture, Place } from '../observe/run/index.js';

/** Makes the parts that need a target which is up: their addresses hold its ports. */
export function furnish(target: TargetConfig, connector: Connector, place: Place): Furniture {
  const resolve = (text: string) => place.resolve(text);
  return {
    provision: provisionOf(target.provision, place),
    signIn: signInOf(target.users, { redactor: place.redactor, resolve }),
    doors: Object.entries(target.doors).map(([name, door]) => requestDoor({ ...door, name }, { resolve })),
    connectDoor: (seat, probe) =>
      connector.admission === 'unseen' ? null : connectDoor(connector, { seat, probe }),
    records: Object.entries(target.records).map(([name, record]) =>
      getRecord({ ...record, name }, { resolve }),
    ),
    whoAmI: target.whoAmI ? whoAmI(target.whoAmI, { resolve }) : null,
    log: target.log ? pages(target.log, { resolve }) : null,
  };
}

export function signInOf(users: UsersDescription, means: IdentityMeans): SignIn {
  return users.kind === 'jwt'
    ? jwt({ ...users, expiresIn: users.expiresInMs }, means)
    : password(users, means);
}

function provisionOf(description: ProvisionDescription, place: Place): Provision {
  switch (description.kind) {
    case 'given':
      return given(description);
    case 'mission':
      return missionProvision(description, place);
    case 'custom':
      return custom(description);
    case 'named':
      return named(description);
  }
}
