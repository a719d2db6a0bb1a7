using System.Text;
using Slipway.Core;
using Slipway.Sklearn.Conversion;
using Slipway.Sklearn.Pickle;

namespace Slipway.Sklearn.Tests;

/// <summary>Pickles of more than the estimator, written by hand in protocol 0.</summary>
public sealed class PickledModelTests
{
    private const string Scaler = "ccopy_reg\n_reconstructor\n(csklearn.preprocessing._data\nStandardScaler\nc__builtin__\nobject\nNtR(dS'n_features_in_'\nI2\nsb";
    private const string Encoder = "ccopy_reg\n_reconstructor\n(csklearn.preprocessing._label\nLabelEncoder\nc__builtin__\nobject\nNtR(dS'n_features_in_'\nI2\nsb";
    private const string Frame = "ccopy_reg\n_reconstructor\n(cpandas.core.frame\nDataFrame\nc__builtin__\nobject\nNtR";

    [Theory]
    [InlineData("(dS'model'\n" + Scaler + "sS'features'\n(lS'a'\naS'b'\nasS'auc'\nF0.9\ns.", "['model']")]
    [InlineData("(dS'about'\n(dS'best'\n" + Scaler + "sS'n'\nI1\nss.", "['about']['best']")]
    [InlineData("(" + Scaler + "F0.9\nNt.", "[0]")]
    [InlineData("(lS'v1'\na" + Scaler + "a.", "[1]")]
    [InlineData("(dS'model'\n" + Scaler + "sS'rows'\n" + Frame + "s.", "['model']")]
    [InlineData("(dS'model'\n" + Scaler + "p0\nsS'again'\ng0\ns.", "['model']")]
    public void The_only_estimator_among_plain_data_is_taken(string pickle, string path)
    {
        Estimator root = SklearnConverter.Root(PickleReader.Read(Encoding.ASCII.GetBytes(pickle)));
        Assert.Equal("StandardScaler", root.ClassName);
        Assert.Equal(path, root.Path);
    }

    [Theory]
    [InlineData("(dS'model'\n" + Scaler + "sS'scaler'\n" + Scaler + "s.", "'model' (StandardScaler), 'scaler' (StandardScaler)")]
    [InlineData("(dS'model'\n" + Scaler + "sS'labels'\n" + Encoder + "s.", "'model' (StandardScaler), 'labels' (LabelEncoder)")]
    [InlineData("(" + Scaler + Encoder + "t.", "a tuple of StandardScaler, LabelEncoder")]
    [InlineData("(dS'auc'\nF0.9\ns.", "'auc' (value)")]
    [InlineData("I1\n.", "a plain value")]
    [InlineData("(dp0\nS'self'\ng0\ns.", "'self' (dictionary)")]
    public void Where_two_would_have_to_work_together_the_parts_are_named(string pickle, string parts)
    {
        SlipwayException error = Assert.Throws<SlipwayException>(() => SklearnConverter.Root(PickleReader.Read(Encoding.ASCII.GetBytes(pickle))));
        Assert.Equal(ErrorCode.NotSupported, error.Code);
        Assert.Contains(parts, error.Message, StringComparison.Ordinal);
    }
}
