import type { ProvisionDescription, TargetConfig, UsersDescription } from '../config/types.js';
import type { OutlastError } from '../base/errors.js';
import { answerService } from '../observe/answers/index.js';
import {
  anonymous,
  credentials,
  jwt,
  password,
  requestDoor,
  type IdentityMeans,
  type SignIn,
} from '../observe/identity/index.js';
import { custom, given, missionProvision, named, type Provision } from '../observe/provision/index.js';
import { getRecord, pages, whoAmI } from '../observe/records/index.js';
import type { Furniture, Place } from '../observe/run/index.js';

/** Makes the parts that need a target which is up: their addresses hold its ports. */
export function furnish(
  target: TargetConfig,
  place: Place,
  broken: (error: OutlastError) => void,
): Furniture {
  const resolve = (text: string) => place.resolve(text);
  return {
    provision: provisionOf(target.provision, place),
    signIn: signInOf(target.users, { redactor: place.redactor, resolve }),
    doors: Object.entries(target.doors).map(([name, door]) => requestDoor({ ...door, name }, { resolve })),
    records: Object.entries(target.records).map(([name, record]) =>
      getRecord({ ...record, name }, { resolve }),
    ),
    whoAmI: target.whoAmI ? whoAmI(target.whoAmI, { resolve }) : null,
    answers: target.answers
      ? answerService(target.answers, { resolve, broken, clean: (text) => place.redactor.clean(text) })
      : null,
    log: target.log ? pages(target.log, { resolve }) : null,
  };
}

export function signInOf(users: UsersDescription, means: IdentityMeans): SignIn {
  switch (users.kind) {
    case 'jwt':
      return jwt({ ...users, expiresIn: users.expiresInMs }, means);
    case 'password':
      return password(users, means);
    case 'credentials':
      return credentials(means);
    case 'anonymous':
      return anonymous();
  }
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
