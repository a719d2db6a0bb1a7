using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json;
using Slipway.Cli.Access;
using Slipway.Cli.Terminal;
using Slipway.Client.Access;

namespace Slipway.Cli.Commands;

/// <summary><c>slipway key</c>: API keys of a running server, or of a data folder when nobody has a key that would let them in.</summary>
internal sealed class KeyCommand
{
    private readonly CliTerminal _terminal;
    private readonly Option<Uri?> _url = UriOption.ControlPlane();
    private readonly Option<string?> _data = new("--data") { Description = "Change the keys in this data folder instead; roles of your own need --config too.", HelpName = "DIR" };
    private readonly Option<string?> _config = new("--config") { Description = "With --data: the slipway.yaml that roles of your own are in.", HelpName = "FILE" };
    private readonly Option<bool> _json = new("--json") { Description = "Print JSON." };

    private KeyCommand(CliTerminal terminal)
    {
        _terminal = terminal;
    }

    public static Command Create(CliTerminal terminal)
    {
        KeyCommand keys = new(terminal);
        return new Command("key", "Make, list and revoke API keys.") { keys.Making(), keys.Listing(), keys.Revoking() };
    }

    private Command Making()
    {
        Argument<string> name = new("NAME") { Description = "What the key is for." };
        Option<string[]> roles = new("--role", "-r") { Required = true, Description = "ROLE, or ROLE:PATTERN for some models, such as predictor:fraud-*. May be given several times.", HelpName = "ROLE" };
        Option<TimeSpan?> expires = new("--expires") { Description = "How long it is good, such as 12h or 90d (default: until it is revoked).", HelpName = "TIME", CustomParser = Lifetime };
        Command command = new("create", "Make a key and print it, this one time.") { name, roles, expires, _url, _data, _config, _json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using IKeyRing ring = Open(parsed);
            TimeSpan? lifetime = parsed.GetValue(expires);
            CreatedApiKey created = await ring.CreateAsync(
                new CreateApiKey(parsed.GetValue(name)!, parsed.GetValue(roles)!, lifetime is null ? null : _terminal.Time.GetUtcNow() + lifetime), cancellationToken);
            await _terminal.Out.WriteLineAsync(parsed.GetValue(_json) ? JsonSerializer.Serialize(created, AccessJson.Default.CreatedApiKey) : created.Key);
            await _terminal.Error.WriteLineAsync($"key {created.Description.Id} ({created.Description.Name}) was made; it is shown only now");
            return ExitCode.Done;
        });
        return command;
    }

    private Command Listing()
    {
        Command command = new("list", "List the keys; never the keys themselves.") { _url, _data, _config, _json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using IKeyRing ring = Open(parsed);
            IReadOnlyList<ApiKeyDescription> keys = await ring.ListAsync(cancellationToken);
            _terminal.Print(new ApiKeyList(keys), AccessJson.Default.ApiKeyList, parsed.GetValue(_json), output =>
            {
                foreach (ApiKeyDescription key in keys)
                {
                    output.WriteLine($"{key.Id}  {StateOf(key)}  {key.Name}  {string.Join(' ', key.Roles)}");
                }
            });
            return ExitCode.Done;
        });
        return command;
    }

    private Command Revoking()
    {
        Argument<string> key = new("KEY") { Description = "Id or name of the key." };
        Command command = new("revoke", "Make a key useless at once.") { key, _url, _data, _config };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using IKeyRing ring = Open(parsed);
            ApiKeyDescription revoked = await ring.RevokeAsync(parsed.GetValue(key)!, cancellationToken);
            await _terminal.Out.WriteLineAsync($"key {revoked.Id} ({revoked.Name}) was revoked");
            return ExitCode.Done;
        });
        return command;
    }

    private IKeyRing Open(ParseResult parsed) => (parsed.GetValue(_data), parsed.GetValue(_url)) switch
    {
        ({ } data, null) => new FolderKeyRing(data, parsed.GetValue(_config), _terminal.Time),
        (null, var url) when parsed.GetValue(_config) is null => new ServerKeyRing(url ?? ServerAddress.Admin),
        (null, _) => throw new CliException(ExitCode.Usage, "--config goes with --data: a server has its own"),
        _ => throw new CliException(ExitCode.Usage, "either --data or --url"),
    };

    private string StateOf(ApiKeyDescription key) => key switch
    {
        { Revoked: not null } => "revoked",
        { Expires: { } end } when end <= _terminal.Time.GetUtcNow() => "expired",
        { Expires: { } end } => "until " + end.UtcDateTime.ToString("u", CultureInfo.InvariantCulture),
        _ => "valid",
    };

    private static TimeSpan? Lifetime(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        double hours = text.Length > 1 ? text[^1] switch { 'd' => 24, 'h' => 1, 'm' => 1 / 60d, _ => 0 } : 0;
        if (hours > 0 && double.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double count) && count * hours is > 0 and < 1_000_000)
        {
            return TimeSpan.FromHours(count * hours);
        }

        result.AddError($"'{text}' is not a time such as 30m, 12h or 90d");
        return null;
    }
}
