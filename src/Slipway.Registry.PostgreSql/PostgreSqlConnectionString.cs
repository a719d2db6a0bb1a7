using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;
using Slipway.Core;

namespace Slipway.Registry.PostgreSql;

/// <summary>
/// The two text forms of a connection: <c>postgresql://user@host:port/database?key=value</c> with the keys of libpq, and <c>Host=…;Database=…</c> with those of Npgsql. In both,
/// <c>schema</c> names the schema to work in and <c>password-file</c> a file with the password; a password itself is refused.
/// </summary>
internal static partial class PostgreSqlConnectionString
{
    private const string Keys =
        "host, port, user, dbname, schema, password-file, passfile, sslmode, sslrootcert, sslcert, sslkey, channel_binding, target_session_attrs, connect_timeout, "
        + "command_timeout, max_pool_size, application_name, options";

    /// <summary>Whether <paramref name="text"/> is one of the forms, rather than a file or folder.</summary>
    public static bool IsOne(string text) =>
        text.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase)
        || text.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase)
        || KeyValueForm().IsMatch(text);

    /// <summary>Reads either form.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidConfiguration"/> naming the key that is wrong, never a value.</exception>
    public static PostgreSqlOptions Parse(string text)
    {
        Reader reader = new();
        int scheme = text.IndexOf("://", StringComparison.Ordinal);
        if (scheme > 0 && IsOne(text) && !KeyValueForm().IsMatch(text))
        {
            ReadAddress(reader, text[(scheme + 3)..]);
        }
        else if (KeyValueForm().IsMatch(text))
        {
            ReadPairs(reader, text);
        }
        else
        {
            throw Wrong("it begins with postgresql:// or Host=");
        }

        return reader.Finish();
    }

    private static void ReadAddress(Reader reader, string text)
    {
        int question = text.IndexOf('?', StringComparison.Ordinal);
        string place = question < 0 ? text : text[..question];
        int slash = place.IndexOf('/', StringComparison.Ordinal);
        string authority = slash < 0 ? place : place[..slash];
        int at = authority.LastIndexOf('@');
        if (at >= 0)
        {
            string user = authority[..at];
            reader.Take("user", user.Contains(':', StringComparison.Ordinal) ? throw NoSecrets() : Uri.UnescapeDataString(user));
        }

        string hosts = authority[(at + 1)..];
        if (hosts.Length > 0)
        {
            // Several hosts keep their ports; one alone has it apart, since a folder of sockets has no place for it.
            Match one = HostAndPort().Match(hosts);
            reader.Take("host", Uri.UnescapeDataString(one.Success ? one.Groups[1].Value.Trim('[', ']') : hosts));
            if (one.Success && one.Groups[2].Success)
            {
                reader.Take("port", one.Groups[2].Value);
            }
        }

        if (slash >= 0 && slash + 1 < place.Length)
        {
            reader.Take("dbname", Uri.UnescapeDataString(place[(slash + 1)..]));
        }

        foreach (string pair in question < 0 ? [] : text[(question + 1)..].Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            reader.Take(equals < 0 ? pair : pair[..equals], equals < 0 ? "" : Uri.UnescapeDataString(pair[(equals + 1)..]));
        }
    }

    private static void ReadPairs(Reader reader, string text)
    {
        System.Data.Common.DbConnectionStringBuilder pairs = [];
        try
        {
            pairs.ConnectionString = text;
        }
        catch (ArgumentException)
        {
            throw Wrong("it consists of Key=Value pairs with ';' between them");
        }

        foreach (string key in pairs.Keys)
        {
            reader.TakeNative(key, Convert.ToString(pairs[key], CultureInfo.InvariantCulture) ?? "");
        }
    }

    // Values are never repeated: somebody may have put a secret in one.
    private static SlipwayException Wrong(string problem, Exception? cause = null) =>
        new(ErrorCode.InvalidConfiguration, $"connection string of the database: {problem}; expected postgresql://user@host/database or Host=…;Database=…", cause);

    private static SlipwayException NoSecrets() => new(
        ErrorCode.InvalidConfiguration,
        "connection string of the database: it holds no password; give it by PGPASSWORD, by a file (password-file=FILE, or passfile=FILE in the form of .pgpass), or use a certificate");

    [GeneratedRegex(@"^\s*(host|server)\s*=", RegexOptions.IgnoreCase)]
    private static partial Regex KeyValueForm();

    [GeneratedRegex(@"^(\[[0-9a-fA-F:.]+\]|[^:,\[\]]+)(?::([0-9]{1,5}))?$")]
    private static partial Regex HostAndPort();

    /// <summary>Gathers keys of either form.</summary>
    private sealed class Reader
    {
        private readonly NpgsqlConnectionStringBuilder _connection = new()
        {
            ApplicationName = "slipway",
            Database = "slipway",

            // A replica asks for little at once: writers of one process wait for each other without a connection.
            MaxPoolSize = 20,
            Enlist = false,
        };

        private readonly HashSet<string> _seen = new(StringComparer.OrdinalIgnoreCase);
        private string? _passwordFile;

        public void Take(string key, string value)
        {
            string name = key switch
            {
                "host" => "Host",
                "port" => "Port",
                "user" => "Username",
                "dbname" => "Database",
                "schema" or "password-file" => key,
                "passfile" => "Passfile",
                "sslmode" => "SSL Mode",
                "sslrootcert" => "Root Certificate",
                "sslcert" => "SSL Certificate",
                "sslkey" => "SSL Key",
                "channel_binding" => "Channel Binding",
                "target_session_attrs" => "Target Session Attributes",
                "connect_timeout" => "Timeout",
                "command_timeout" => "Command Timeout",
                "max_pool_size" => "Maximum Pool Size",
                "application_name" => "Application Name",
                "options" => "Options",
                "password" or "sslpassword" => throw NoSecrets(),
                _ => throw Wrong($"'{key}' is not known; there are {Keys}"),
            };
            Set(key, name, name is "SSL Mode" ? value.Replace("-", "", StringComparison.Ordinal) : value);
        }

        public void TakeNative(string key, string value)
        {
            if (key.Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant() is "PASSWORD" or "PSW" or "PWD" or "SSLPASSWORD")
            {
                throw NoSecrets();
            }

            Set(key, key, value);
        }

        public PostgreSqlOptions Finish()
        {
            if (string.IsNullOrEmpty(_connection.Host))
            {
                throw Wrong("it names no host");
            }

            if (_passwordFile is not null && !File.Exists(_passwordFile))
            {
                throw Wrong("the file of password-file is not there");
            }

            return new PostgreSqlOptions(_connection, _passwordFile);
        }

        private void Set(string key, string name, string value)
        {
            if (!_seen.Add(name))
            {
                throw Wrong($"'{key}' stands there twice");
            }

            if (value.Length == 0)
            {
                throw Wrong($"'{key}' needs a value");
            }

            switch (name.ToLowerInvariant())
            {
                case "schema":
                    _connection.SearchPath = SchemaName().IsMatch(value) ? value : throw Wrong("'schema' has up to 63 lower-case letters, digits and underscores");
                    break;
                case "password-file":
                    _passwordFile = value;
                    break;
                default:
                    SetNative(key, name, value);
                    break;
            }
        }

        private void SetNative(string key, string name, string value)
        {
            try
            {
                _connection[name] = value;
            }
            catch (Exception fault) when (fault is ArgumentException or FormatException or OverflowException or InvalidCastException or KeyNotFoundException or NotSupportedException)
            {
                // The cause repeats the value, so it goes no further.
                throw Wrong($"'{key}' is not known, or its value can't be used");
            }
        }
    }

    [GeneratedRegex("^[a-z_][a-z0-9_]{0,62}$")]
    private static partial Regex SchemaName();
}
