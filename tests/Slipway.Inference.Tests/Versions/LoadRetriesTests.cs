using Slipway.Core;
using Slipway.Inference.Versions;

namespace Slipway.Inference.Tests.Versions;

public sealed class LoadRetriesTests
{
    public static TheoryData<Exception, bool> Faults => new()
    {
        { new IOException("a bad sector"), true },
        { new UnauthorizedAccessException(), true },
        { new OutOfMemoryException(), true },
        { Refused(new IOException("a bad sector")), true },
        { Refused(new UnauthorizedAccessException()), true },
        { new SlipwayException(ErrorCode.Overloaded, "the store is busy"), true },
        { Refused(new FileNotFoundException()), false },
        { Refused(new EndOfStreamException()), false },
        { Refused(null), false },
        { new SlipwayException(ErrorCode.NotSupported, "an operator"), false },
        { new InvalidOperationException(), false },
    };

    [Theory]
    [MemberData(nameof(Faults), DisableDiscoveryEnumeration = true)]
    public void What_may_pass_of_itself_is_tried_again_and_a_bad_model_is_not(Exception fault, bool mayPass) => Assert.Equal(mayPass, LoadRetries.MayPass(fault));

    private static SlipwayException Refused(Exception? cause) => new(ErrorCode.InvalidModel, "file 'model.onnx' can't be opened", cause!);
}
