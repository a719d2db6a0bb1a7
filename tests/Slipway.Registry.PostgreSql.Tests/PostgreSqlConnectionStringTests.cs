using Npgsql;
using Slipway.Core;
using Slipway.TestKit;

namespace Slipway.Registry.PostgreSql.Tests;

public sealed class PostgreSqlConnectionStringTests
{
    [Theory]
    [InlineData("postgresql://me@db.example.org/models", "db.example.org", 5432, "me", "models")]
    [InlineData("postgres://me@db.example.org:6543/models", "db.example.org", 6543, "me", "models")]
    [InlineData("postgresql://db.example.org", "db.example.org", 5432, null, "slipway")]
    [InlineData("postgresql://m%40e@[::1]:6543/my%20models", "::1", 6543, "m@e", "my models")]
    [InlineData("postgresql://me@%2Fvar%2Frun%2Fpostgresql/models", "/var/run/postgresql", 5432, "me", "models")]
    [InlineData("postgresql:///models?host=/var/run/postgresql&user=me&port=6000", "/var/run/postgresql", 6000, "me", "models")]
    [InlineData("postgresql://me@one:5432,two:5433/models", "one:5432,two:5433", 5432, "me", "models")]
    [InlineData("Host=db.example.org;Port=6543;Username=me;Database=models", "db.example.org", 6543, "me", "models")]
    [InlineData("server=db.example.org;User Id=me;Database=models", "db.example.org", 5432, "me", "models")]
    public void Both_forms_are_read(string text, string host, int port, string? user, string database)
    {
        Assert.True(PostgreSqlDatabase.Understands(text));

        NpgsqlConnectionStringBuilder connection = PostgreSqlConnectionString.Parse(text).Connection;

        Assert.Equal((host, port, user, database), (connection.Host, connection.Port, connection.Username, connection.Database));
    }

    [Fact]
    public void Every_key_reaches_its_setting()
    {
        using TemporaryFolder folder = new();
        string secret = folder.Write("password", "hunter2\n");

        PostgreSqlOptions options = PostgreSqlConnectionString.Parse(
            $"postgresql://me@db/models?schema=team_a&password-file={secret}&sslmode=verify-full&sslrootcert=/ca.pem&target_session_attrs=read-write&connect_timeout=3"
            + "&command_timeout=20&max_pool_size=7&application_name=replica1&passfile=/pgpass");

        Assert.Equal(secret, options.PasswordFile);
        Assert.Equal(
            ("team_a", SslMode.VerifyFull, "/ca.pem", "read-write", 3, 20, 7, "replica1", "/pgpass"),
            (options.Connection.SearchPath, options.Connection.SslMode, options.Connection.RootCertificate, options.Connection.TargetSessionAttributes,
                options.Connection.Timeout, options.Connection.CommandTimeout, options.Connection.MaxPoolSize, options.Connection.ApplicationName, options.Connection.Passfile));
    }

    [Theory]
    [InlineData("postgresql://", "names no host")]
    [InlineData("postgresql://db/models?sslmod=require", "'sslmod' is not known")]
    [InlineData("postgresql://db/models?sslmode=perhaps", "'sslmode'")]
    [InlineData("postgresql://db:70000x/models?port=a", "'port'")]
    [InlineData("postgresql://db/models?max_pool_size=none", "'max_pool_size'")]
    [InlineData("postgresql://db/models?schema=a;drop", "'schema'")]
    [InlineData("postgresql://db/models?schema=", "needs a value")]
    [InlineData("postgresql://db/models?password-file=/nothing/here", "password-file")]
    [InlineData("postgresql://db/models?dbname=other", "twice")]
    [InlineData("Host=db;Colour=red", "'Colour'")]
    [InlineData("Host=db;Port=x", "'Port'")]
    [InlineData("Host=db;;=;", "Key=Value")]
    public void What_is_wrong_is_named(string text, string expected)
    {
        SlipwayException refused = Assert.Throws<SlipwayException>(() => PostgreSqlDatabase.Create(text));

        Assert.Equal(ErrorCode.InvalidConfiguration, refused.Code);
        Assert.Contains(expected, refused.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("postgresql://me:hunter2@db/models")]
    [InlineData("postgresql://me@db/models?password=hunter2")]
    [InlineData("Host=db;Password=hunter2")]
    [InlineData("Host=db;pwd=hunter2")]
    [InlineData("Host=db;SSL Password=hunter2")]
    [InlineData("Host=db;Port=hunter2")]
    public void Secrets_are_refused_and_nothing_is_repeated(string text)
    {
        SlipwayException refused = Assert.Throws<SlipwayException>(() => PostgreSqlDatabase.Create(text));

        Assert.Equal(ErrorCode.InvalidConfiguration, refused.Code);
        Assert.DoesNotContain("hunter2", refused.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("./data")]
    [InlineData("/var/lib/slipway")]
    [InlineData("sqlite:models.db")]
    [InlineData("s3://models")]
    [InlineData("hosting=1")]
    public void Other_texts_are_none_of_ours(string text) => Assert.False(PostgreSqlDatabase.Understands(text));
}
