using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Slipway.Core;

namespace Slipway.Registry.S3;

/// <summary>Credentials out of a file that is read again every five minutes, so that keys can be rotated under a running server.</summary>
internal sealed class FileCredentials : RefreshingAWSCredentials
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private readonly string _file;
    private readonly string _profile;
    private readonly TimeProvider _time;

    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidConfiguration"/> when the file or profile is not there now.</exception>
    public FileCredentials(string file, string profile, TimeProvider time)
    {
        _file = file;
        _profile = profile;
        _time = time;
        Read();
    }

    protected override CredentialsRefreshState GenerateNewCredentials() => new(Read(), _time.GetUtcNow().UtcDateTime + Lifetime);

    protected override Task<CredentialsRefreshState> GenerateNewCredentialsAsync() => Task.FromResult(GenerateNewCredentials());

    private ImmutableCredentials Read()
    {
        if (!File.Exists(_file))
        {
            throw new SlipwayException(ErrorCode.InvalidConfiguration, "object storage: the credentials file is not there");
        }

        return new SharedCredentialsFile(_file).TryGetProfile(_profile, out CredentialProfile? profile)
            && profile.Options is { AccessKey.Length: > 0, SecretKey.Length: > 0 } keys
            ? new ImmutableCredentials(keys.AccessKey, keys.SecretKey, keys.Token)
            : throw new SlipwayException(
                ErrorCode.InvalidConfiguration, $"object storage: the credentials file has no profile '{_profile}' with aws_access_key_id and aws_secret_access_key");
    }
}
