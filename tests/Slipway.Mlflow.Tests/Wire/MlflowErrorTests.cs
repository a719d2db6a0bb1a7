using Slipway.Core;
using Slipway.Mlflow.Wire;

namespace Slipway.Mlflow.Tests.Wire;

public sealed class MlflowErrorTests
{
    public static TheoryData<ErrorCode> Codes => [.. Enum.GetValues<ErrorCode>()];

    [Theory]
    [MemberData(nameof(Codes))]
    public void A_failure_that_lasts_has_no_status_that_clients_repeat(ErrorCode code)
    {
        int status = code.ToMlflow().ToStatus();
        bool passes = code is ErrorCode.Internal or ErrorCode.ModelFailed or ErrorCode.ModelNotReady or ErrorCode.StoreUnavailable
            or ErrorCode.Overloaded or ErrorCode.RateLimited or ErrorCode.DeadlineExceeded;
        Assert.Equal(passes, status == 429 || (status >= 500 && status != 501));
    }

    [Fact]
    public void Every_error_has_its_name_on_the_wire() => Assert.All(Enum.GetValues<MlflowErrorCode>(), static code =>
        Assert.Equal(code.ToString().ToUpperInvariant(), code.ToName().Replace("_", "", StringComparison.Ordinal)));
}
