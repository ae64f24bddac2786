export const USAGE = `Usage: npm run -s access -- COMMAND [OPTION...]

Says who may write what and call which function, and makes the tokens of those who have no AWS credentials.

  grant add --principal P --zone Z --name N [OPTION...]
      --principal P        iam:ARN of a user or role, iam:arn:aws:iam::ACCOUNT:* for a whole account, or token:ID
      --zone Z             a served zone, itself: zones below it that are served, too, are others
      --name N             names in the zones: @ the zone itself, h that name alone, *.app all below app, * all; a grant
                           to mirror alone needs none
      --type T             a record type, or * for all (default A and AAAA)
      --action A           write, mirror to have the zones reconciled and adopted, or invoke to call the functions that
                           have the names (default write)
      --expires DURATION   when it ends (default never)
  grant list [--principal P]
  grant remove ID

  token create --label TEXT [--expires DURATION]
      prints the token: nobody can see it again. It may do nothing before a grant says so
  token list
  token rotate ID [--grace DURATION] [--expires DURATION]
      prints a new secret; the one before stays valid for a grace time (default 24h)
  token revoke ID

  who NAME
      who has written the records of a name, given in full, and when

All options of grant add but --principal and --expires may be given several times. A DURATION is 90d, 12h, 30m or 1d12h;
a token is valid for 90d if nothing else is said.

Where ACCESS_TABLE is set (for who: NAMES_TABLE) it names the table, which is asked with your AWS credentials. Else it is
that of the stack that npm start has started:

  --data FOLDER       the data folder of that stack (default .namestream in the project)
  --dynamodb URL      its DynamoDB Local
  --help              print this
`
