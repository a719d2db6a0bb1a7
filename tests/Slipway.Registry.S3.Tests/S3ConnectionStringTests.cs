using Slipway.Core;

namespace Slipway.Registry.S3.Tests;

public sealed class S3ConnectionStringTests
{
    [Fact]
    public void The_short_form_takes_the_defaults()
    {
        S3Options options = S3ConnectionString.Parse("s3://models");

        Assert.Equal(new S3Options { Bucket = "models" }, options);
    }

    [Fact]
    public void Every_key_is_read()
    {
        S3Options options = S3ConnectionString.Parse(
            "s3://my-models.prod/team%20a/slipway/?endpoint=https://minio.example.org:9000&region=eu-central-1&path-style=false&credentials=%2Frun%2Fsecrets%2Fs3"
            + "&profile=slipway&part-mib=64&parallel-parts=8&parallel-uploads=2&retries=0&timeout=5&spool=/var/spool/slipway");

        Assert.Equal(
            new S3Options
            {
                Bucket = "my-models.prod",
                Prefix = "team a/slipway/",
                Endpoint = new Uri("https://minio.example.org:9000"),
                Region = "eu-central-1",
                PathStyle = false,
                CredentialsFile = "/run/secrets/s3",
                Profile = "slipway",
                PartBytes = 64 << 20,
                ParallelParts = 8,
                ParallelUploads = 2,
                Retries = 0,
                Timeout = TimeSpan.FromSeconds(5),
                SpoolFolder = "/var/spool/slipway",
            },
            options);
    }

    [Theory]
    [InlineData("models", "s3://")]
    [InlineData("s3://", "bucket's name")]
    [InlineData("s3://Models", "bucket's name")]
    [InlineData("s3://ab", "bucket's name")]
    [InlineData("s3://models/../other", "prefix")]
    [InlineData("s3://models/a//b", "prefix")]
    [InlineData("s3://models/%2e%2e/b", "prefix")]
    [InlineData("s3://models?regoin=x", "'regoin' is not known")]
    [InlineData("s3://models?region=x&region=y", "twice")]
    [InlineData("s3://models?region=", "needs a value")]
    [InlineData("s3://models?region", "needs a value")]
    [InlineData("s3://models?endpoint=minio:9000", "'endpoint'")]
    [InlineData("s3://models?endpoint=file:///etc/passwd", "'endpoint'")]
    [InlineData("s3://models?path-style=yes", "'path-style'")]
    [InlineData("s3://models?part-mib=4", "from 5 to 1024")]
    [InlineData("s3://models?part-mib=99999999999", "from 5 to 1024")]
    [InlineData("s3://models?retries=-1", "from 0 to 20")]
    [InlineData("s3://models?timeout=0", "from 1 to 3600")]
    public void What_is_wrong_is_named(string text, string expected)
    {
        SlipwayException refused = Assert.Throws<SlipwayException>(() => S3ConnectionString.Parse(text));

        Assert.Equal(ErrorCode.InvalidConfiguration, refused.Code);
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("s3://AKIA123:hunter2@models")]
    [InlineData("s3://models?secret-key=hunter2")]
    [InlineData("s3://models?aws_access_key_id=hunter2")]
    [InlineData("s3://models?session_token=hunter2")]
    [InlineData("s3://models?endpoint=https://me:hunter2@minio.example.org")]
    public void Secrets_are_refused_and_not_repeated(string text)
    {
        SlipwayException refused = Assert.Throws<SlipwayException>(() => S3ConnectionString.Parse(text));

        Assert.Contains("AWS_ACCESS_KEY_ID", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", refused.ToString(), StringComparison.Ordinal);
    }
}
