using System.Text.Json;
using Slipway.Core;
using Slipway.Inference.Configuration;
using Slipway.Security.Masking;
using Slipway.Security.Policies;
using Slipway.Security.Secrets;
using Slipway.Security.Tls;

namespace Slipway.Server.Configuration;

/// <summary>The forms that settings of security are written in.</summary>
internal static class SecurityParsers
{
    private const int MostEntries = 1000;

    private static readonly Dictionary<string, PersonalDataKinds> PersonalWords = new(StringComparer.Ordinal)
    {
        ["email"] = PersonalDataKinds.Email,
        ["phone"] = PersonalDataKinds.Phone,
        ["card"] = PersonalDataKinds.Card,
        ["nationalId"] = PersonalDataKinds.NationalId,
    };

    /// <summary>Words for permissions: the names of Core in camel case.</summary>
    public static IReadOnlyDictionary<string, Permission> Permissions { get; } = Enum.GetValues<Permission>()
        .Where(static permission => permission is not (Permission.None or Permission.AnyCaller))
        .ToDictionary(static permission => JsonNamingPolicy.CamelCase.ConvertName(permission.ToString()), StringComparer.Ordinal);

    /// <summary><c>none</c> or <c>required</c>, as truth.</summary>
    public static IReadOnlyDictionary<string, bool> Authentication { get; } = new Dictionary<string, bool>(StringComparer.Ordinal) { ["none"] = false, ["required"] = true };

    /// <summary>Whether clients are asked for certificates.</summary>
    public static IReadOnlyDictionary<string, ClientCertificateMode> ClientModes { get; } = new Dictionary<string, ClientCertificateMode>(StringComparer.Ordinal)
    {
        ["none"] = ClientCertificateMode.None,
        ["allow"] = ClientCertificateMode.Allow,
        ["require"] = ClientCertificateMode.Require,
    };

    /// <summary>Where a secret is: <c>{file: …}</c>, <c>{env: …}</c> or <c>{command: [program, …]}</c>. A secret itself is refused: it would be in a file that many read.</summary>
    public static SecretReference? Secret(ConfigValue value)
    {
        if (!value.IsMapping)
        {
            value.Refuse("{file: …}, {env: …} or {command: [program, …]} is expected: secrets don't stand in configuration files");
            return null;
        }

        ConfigMapping mapping = value.AsMapping()!;
        string? file = mapping.GetObject("file", static place => place.AsText(), null);
        string? variable = mapping.GetObject("env", static place => place.AsText(), null);
        IReadOnlyList<string> command = mapping.GetObject("command", static words => Texts(words, out IReadOnlyList<string> texts) ? texts : null, [])!;
        mapping.Finish();
        switch (file, variable, command.Count)
        {
            case ({ Length: > 0 }, null, 0):
                return new SecretReference(SecretKind.File, file, []);
            case (null, { Length: > 0 }, 0):
                return new SecretReference(SecretKind.Environment, variable, []);
            case (null, null, > 0):
                return new SecretReference(SecretKind.Command, command[0], [.. command.Skip(1)]);
            default:
                value.Refuse("one of file, env and command is expected");
                return null;
        }
    }

    /// <summary>A list of kinds of personal data.</summary>
    public static bool Finders(ConfigValue value, out PersonalDataKinds kinds)
    {
        kinds = PersonalDataKinds.None;
        if (!Texts(value, out IReadOnlyList<string> words))
        {
            return false;
        }

        foreach (string word in words)
        {
            if (!PersonalWords.TryGetValue(word, out PersonalDataKinds kind))
            {
                value.Refuse($"a list of {string.Join(", ", PersonalWords.Keys)} is expected");
                return false;
            }

            kinds |= kind;
        }

        return true;
    }

    /// <summary>A mapping of role names to lists of permissions.</summary>
    public static bool Roles(ConfigValue value, out IReadOnlyList<Role> roles)
    {
        List<Role> read = [];
        roles = read;
        if (value.AsMapping() is not { } mapping)
        {
            return false;
        }

        foreach ((string name, ConfigValue permissions) in mapping.All())
        {
            read.Add(new Role(name, PermissionSet.Of([.. (permissions.AsList() ?? []).Select(static permission => permission.AsOneOf(Permissions) ?? Permission.None)])));
        }

        return Accepted(value, () => new RoleSet(read));
    }

    /// <summary>A list of texts, or one text with commas between.</summary>
    public static bool Texts(ConfigValue value, out IReadOnlyList<string> texts)
    {
        texts = value.IsScalar
            ? value.AsText()!.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            : [.. (value.AsList() ?? []).Select(static entry => entry.AsText()).OfType<string>()];
        if (texts.Count > MostEntries)
        {
            value.Refuse($"at most {MostEntries} entries are expected");
            return false;
        }

        return true;
    }

    /// <summary>Whether something can be made of a value; else what it says is wrong is reported.</summary>
    public static bool Accepted(ConfigValue value, Func<object> make)
    {
        try
        {
            _ = make();
            return true;
        }
        catch (SlipwayException refusal)
        {
            value.Refuse(refusal.Message);
            return false;
        }
    }
}
